<#-- What the server itself tells: signed in already, signed out, an action to confirm… -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">
<#if messageHeader??>${msg(messageHeader)}<#else>${message.summary}</#if>
<#elseif section == "form">
<div id="kc-info-message">
  <#if messageHeader??><p>${message.summary}</p></#if>
  <#if requiredActions?has_content>
  <ul><#list requiredActions as action><li>${msg("requiredAction." + action)}</li></#list></ul>
  </#if>
  <#if !skipLink??>
    <#if pageRedirectUri?has_content>
  <@parts.linkButton href=pageRedirectUri label=msg("backToApplication")/>
    <#elseif actionUri?has_content>
  <@parts.linkButton href=actionUri label=msg("proceedWithAction")/>
    <#elseif (client.baseUrl)?has_content>
  <@parts.linkButton href=client.baseUrl label=msg("backToApplication")/>
    <#else>
  <@parts.entrance/>
    </#if>
  <#else>
  <@parts.entrance/>
  </#if>
</div>
</#if>
</@layout.registrationLayout>
