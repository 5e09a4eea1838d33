<#-- The page behind the link in the mailbox of the account that goes. Nothing happens before the button. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("mergeAccountsTitle")}
<#elseif section == "form">
<p>${msg("mergeAccountsQuestion")}</p>
<div class="facts">
  <@parts.fact label=msg("mergeAccountsGoes") value=otherAddress/>
  <@parts.fact label=msg("mergeAccountsStays") value=address/>
</div>
<p>${msg("mergeAccountsEffect")}</p>
<#if possible>
<form id="merge-accounts-confirm-form" action="${screen.action}" method="post">
  <@parts.button label=msg("mergeAccountsButton")/>
</form>
</#if>
<p class="question">${msg("mergeAccountsNotYou")}</p>
</#if>
</@layout.registrationLayout>
