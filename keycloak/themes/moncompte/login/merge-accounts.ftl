<#-- « Fusionner avec mon autre compte », asked for by a signed-in owner: address and password of the other account. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["email", "password"]; section>
<#if section == "header">
${msg("mergeAccountsTitle")}
<#elseif section == "form">
<p>${msg("mergeAccountsIntro")}</p>
<@parts.fact label=msg("mergeAccountsKept") value=address/>
<form id="merge-accounts-form" action="${url.loginAction}" method="post" novalidate>
  <@parts.field name="email" label=msg("mergeAccountsEmail") value=(values.email)!"" type="email" autocomplete="off" autocapitalize="none" spellcheck="false"/>
  <@parts.password name="password" label=msg("mergeAccountsPassword") autocomplete="off"/>
  <@parts.button label=msg("continueButton")/>
</form>
<@parts.cancelAction/>
</#if>
</@layout.registrationLayout>
