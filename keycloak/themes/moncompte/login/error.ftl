<#-- The server's own errors, in plain words (messages_fr.properties), with the way back to the application. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">
${msg("errorTitle")}
<#elseif section == "form">
<div id="kc-error-message">
  <p>${(message.summary)!msg("internalServerError")}</p>
  <#if traceId??><p class="hint">${msg("traceIdSupportMessage", traceId)}</p></#if>
  <#if !skipLink?? && (client.baseUrl)?has_content>
  <@parts.linkButton href=client.baseUrl label=msg("backToApplication") id="backToApplication"/>
  <#else>
  <@parts.entrance/>
  </#if>
</div>
</#if>
</@layout.registrationLayout>
