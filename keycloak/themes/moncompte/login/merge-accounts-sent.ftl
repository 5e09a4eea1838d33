<#-- The same whether or not a mail has left: nothing tells who has an account. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("mergeAccountsTitle")}
<#elseif section == "form">
<p role="status">${msg("mergeAccountsSent")} <strong class="typed">${(values.email)!""}</strong></p>
<p>${msg("mergeAccountsOpen")}</p>
<p>${msg("mergeAccountsNothing")}</p>
<form id="sent-form" action="${url.loginAction}" method="post">
  <@parts.button label=msg("backToApplication")/>
  <@parts.quietButton label=msg("mergeAccountsAgain") name="action" value="again"/>
</form>
</#if>
</@layout.registrationLayout>
