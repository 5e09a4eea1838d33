<#-- S6: sign-in. The fields have their stock names, and the page works for the stock form as well. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<#assign again = reauthentication!false>
<#assign username = (values.username)!(login.username)!"">
<#assign focus = ((message.type)!"") != "error">
<@layout.registrationLayout title=msg("loginPageTitle") fields=["username", "password"]; section>
<#if section == "header">
${msg("loginAccountTitle")}
<#elseif section == "form">
<#if again>
<#-- Keycloak may have said so already. -->
<#if !(message.summary)?has_content><p>${msg("loginAgain")}</p></#if>
<@parts.fact label=msg("yourAddress") value=username/>
</#if>
<form id="kc-form-login" action="${(screen.action)!url.loginAction}" method="post" novalidate>
  <#if again>
  <@parts.accountOfPassword address=username/>
  <#else>
  <@parts.field name="username" label=msg("loginUsername") value=username type="text" autocomplete=(passkey??)?then("username webauthn", "username") inputmode="email" autocapitalize="none" spellcheck="false" autofocus=(focus && username == "")/>
  </#if>
  <@parts.password name="password" label=msg("loginPassword") autocomplete="current-password" autofocus=(focus && username != "")/>
  <#if (screen.links.forgotten)?has_content>
  <p class="aside"><a href="${screen.links.forgotten}">${msg("loginForgotten")}</a></p>
  </#if>
  <@parts.button label=msg("signIn") id="kc-login"/>
</form>
<#if passkey??><@passkeyForm/></#if>
<#if again>
<@parts.question text=msg("loginNotYou") link=msg("restartLoginTooltip") href=url.loginRestartFlowUrl/>
<#else>
<@parts.question text=msg("loginFirstTime") link=msg("loginFirstTimeLink") href=(screen.links.provisional)!""/>
</#if>
</#if>
</@layout.registrationLayout>

<#-- Shown by the script where the browser knows passkeys; a browser that proposes them in the field of the address does so too. -->
<#macro passkeyForm>
<form id="passkey-form" class="place-kept" action="${screen.action}" method="post" hidden
  data-challenge="${challenge}" data-rp-id="${rpId}" data-user-verification="${userVerification}"
  data-allow="<#if authenticators??><#list authenticators.authenticators as authenticator>${authenticator.credentialId}<#sep>,</#list></#if>">
  <#list ["clientDataJSON", "authenticatorData", "signature", "credentialId", "userHandle"] as name>
  <input type="hidden" name="${name}">
  </#list>
  <p class="field-error" id="passkey-failed" role="alert" hidden>${msg("passkeyRefused")}</p>
  <button type="button" class="button button-quiet" id="passkey-use">${msg("passkeyUse")}</button>
</form>
</#macro>
