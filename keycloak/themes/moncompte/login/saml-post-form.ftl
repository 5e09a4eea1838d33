<#-- The answer to an application that speaks SAML: a form that the script sends, and the button without it. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("saml.post-form.title")}
<#elseif section == "form">
<p>${msg("saml.post-form.message")}</p>
<form name="saml-post-binding" action="${samlPost.url}" method="post">
  <#if samlPost.SAMLRequest??>
  <input type="hidden" name="SAMLRequest" value="${samlPost.SAMLRequest}">
  </#if>
  <#if samlPost.SAMLResponse??>
  <input type="hidden" name="SAMLResponse" value="${samlPost.SAMLResponse}">
  </#if>
  <#if samlPost.relayState??>
  <input type="hidden" name="RelayState" value="${samlPost.relayState}">
  </#if>
  <button type="submit" class="button" data-follow>${msg("doContinue")}</button>
</form>
</#if>
</@layout.registrationLayout>
