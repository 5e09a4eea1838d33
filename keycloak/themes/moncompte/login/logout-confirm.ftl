<#-- An application asked for a sign-out without saying whose session it is. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("logoutConfirmTitle")}
<#elseif section == "form">
<p>${msg("logoutConfirmHeader")}</p>
<p class="hint">${msg("logoutConfirmWhy")}</p>
<form action="${url.logoutConfirmAction}" method="post">
  <input type="hidden" name="session_code" value="${logoutConfirm.code}">
  <@parts.button label=msg("doLogout") name="confirmLogout" value="on" id="kc-logout"/>
</form>
<#if !logoutConfirm.skipLink && (client.baseUrl)?has_content>
<p class="question"><a href="${client.baseUrl}">${msg("backToApplication")}</a></p>
</#if>
</#if>
</@layout.registrationLayout>
