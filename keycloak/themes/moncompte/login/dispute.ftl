<#-- The page behind « Ce n'était pas moi » of a mail. Nothing happens before the button. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("disputeTitle")}
<#elseif section == "form">
<p>${msg("disputeWhat-" + reason)}</p>
<div class="facts">
  <@parts.fact label=msg("disputeWhen") value=when/>
  <@parts.fact label=msg("disputeAccount") value=maskedAddress/>
  <#if detail?has_content><@parts.fact label=msg("disputeDetail") value=detail/></#if>
</div>
<p>${msg("disputeEffect")}</p>
<form id="dispute-form" action="${screen.action}" method="post">
  <@parts.button label=msg("disputeButton")/>
</form>
<p class="question">${msg("disputeYou")}</p>
</#if>
</@layout.registrationLayout>
