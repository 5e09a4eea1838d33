<#-- A passkey did not work. The stock page has its button act by an inline script, which our policy forbids. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout displayMessage=true; section>
<#if section == "header">
${msg("webauthn-error-title")}
<#elseif section == "form">
<form id="kc-error-credential-form" action="${url.loginAction}" method="post">
  <input type="hidden" name="authenticationExecution" value="${execution!}">
  <input type="hidden" name="isSetRetry" value="retry">
  <@parts.button label=msg("doTryAgain") id="kc-try-again"/>
</form>
<#if isAppInitiatedAction??>
<@parts.cancelAction/>
</#if>
</#if>
</@layout.registrationLayout>
