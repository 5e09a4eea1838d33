<#-- S3: the address of the account to be. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout step=2 fields=["email"]; section>
<#if section == "header">
${msg("addressTitle")}
<#elseif section == "form">
<p>${msg("addressIntro")}</p>
<form id="address-form" action="${screen.action}" method="post" novalidate>
  <@parts.field name="email" label=msg("addressEmail") hint=msg("addressHint") value=(values.email)!"" type="email" autocomplete="email" inputmode="email" autocapitalize="none" spellcheck="false"/>
  <p class="hint">* ${msg("requiredFields")}</p>
  <@parts.button label=msg("continueButton")/>
</form>
</#if>
</@layout.registrationLayout>
