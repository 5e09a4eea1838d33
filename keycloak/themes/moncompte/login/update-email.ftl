<#-- The change of address, asked for by a signed-in owner: the new one. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["email"]; section>
<#if section == "header">
${msg("updateEmailTitle")}
<#elseif section == "form">
<@parts.fact label=msg("updateEmailCurrent") value=current/>
<p>${msg("updateEmailIntro")}</p>
<form id="update-email-form" action="${url.loginAction}" method="post" novalidate>
  <@parts.field name="email" label=msg("updateEmailNew") value=values.email!"" type="email" autocomplete="email" inputmode="email" autocapitalize="none" spellcheck="false"/>
  <@parts.button label=msg("updateEmailButton") name="action" value="send"/>
</form>
<@parts.cancelAction/>
</#if>
</@layout.registrationLayout>
