<#-- « Clés d'accès »: the owner's passkeys, each with a way to remove it, and the form that adds one. The script makes the passkey. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["authenticatorLabel"]; section>
<#if section == "header">
${msg("passkeysTitle")}
<#elseif section == "form">
<p>${msg("passkeysIntro")}</p>
<#if passkeys?has_content>
<h2>${msg("passkeysYours")}</h2>
<ul class="choices">
  <#list passkeys as passkey>
  <li>
    <p><strong class="typed" id="passkey-${passkey?index}">${passkey.label}</strong> <span class="hint">${msg("passkeyAdded")} ${passkey.added}</span></p>
    <form action="${url.loginAction}" method="post">
      <button type="submit" class="button button-quiet" name="remove" value="${passkey.id}" aria-describedby="passkey-${passkey?index}">${msg("passkeyRemove")}</button>
    </form>
  </li>
  </#list>
</ul>
</#if>
<#if mayAdd>
<h2>${msg("passkeyAddTitle")}</h2>
<p id="passkey-unsupported" class="without-script">${msg("passkeyUnsupported")}</p>
<form id="passkey-add-form" class="place-kept" action="${url.loginAction}" method="post" hidden novalidate
  data-challenge="${challenge}" data-user-id="${userid}" data-user-name="${username}" data-rp-id="${rpId}" data-rp-name="${rpEntityName}"
  data-algorithms="<#list signatureAlgorithms as algorithm>${algorithm?c}<#sep>,</#list>" data-exclude="${excludeCredentialIds}"
  data-user-verification="${userVerificationRequirement}">
  <#list ["clientDataJSON", "attestationObject", "publicKeyCredentialId", "transports", "authenticatorAttachment"] as name>
  <input type="hidden" name="${name}">
  </#list>
  <@parts.field name="authenticatorLabel" label=msg("passkeyLabel") hint=msg("passkeyLabelHint") value=msg("passkeyLabelDefault") type="text" autocomplete="off" maxlength="60"/>
  <p class="field-error" id="passkey-failed" role="alert" hidden>${msg("passkeyFailed")}</p>
  <button type="button" class="button" id="passkey-add">${msg("passkeyAddButton")}</button>
</form>
</#if>
<form id="done-form" action="${url.loginAction}" method="post">
  <button type="submit" class="button button-quiet" name="done" value="true">${msg("passkeysDone")}</button>
</form>
</#if>
</@layout.registrationLayout>
