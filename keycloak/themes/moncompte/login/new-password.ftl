<#-- S4: the owner's own password and the consent. The criteria are the realm's; the server checks them, the script ticks them. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout step=3 fields=["password-new", "password-confirm", "terms"]; section>
<#if section == "header">
${msg("passwordTitle")}
<#elseif section == "form">
<p>${msg("passwordIntro")}</p>
<form id="password-form" action="${screen.action}" method="post" novalidate>
  <@parts.newPassword address=(values.email)!""/>
  <#if terms??><@parts.termsBox/></#if>
  <@parts.button label=msg("passwordButton")/>
</form>
</#if>
</@layout.registrationLayout>
