<#-- The back button, or a page left open: go on, or begin again. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("pageExpiredTitle")}
<#elseif section == "form">
<p>${msg("pageExpiredText")}</p>
<ul class="choices">
  <li><@parts.linkButton href=url.loginAction label=msg("pageExpiredContinue") id="loginContinueLink"/></li>
  <li><a class="button button-quiet" id="loginRestartLink" href="${url.loginRestartFlowUrl}">${msg("pageExpiredRestart")}</a></li>
</ul>
</#if>
</@layout.registrationLayout>
