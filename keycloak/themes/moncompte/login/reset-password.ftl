<#-- S10: the page behind the link of the reset mail (M2). Nothing happens before the button. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["password-new", "password-confirm"]; section>
<#if section == "header">
${msg("resetTitle")}
<#elseif section == "form">
<@parts.fact label=msg("yourAddress") value=address/>
<p>${msg("resetIntro")}</p>
<form id="reset-form" action="${screen.action}" method="post" novalidate>
  <@parts.newPassword address=address/>
  <#if passkeys?has_content><@passkeysOffer/></#if>
  <@parts.button label=msg("resetButton")/>
</form>
<p class="question">${msg("resetNotYou")}</p>
</#if>
</@layout.registrationLayout>

<#-- Another way in stays open unless its owner closes it. Nothing is ticked: most passkeys are the owner's. -->
<#macro passkeysOffer>
<div class="field" role="group" aria-labelledby="passkeys-title">
  <p id="passkeys-title"><strong>${msg("resetPasskeys")}</strong></p>
  <p class="hint">${msg("resetPasskeysHint")}</p>
  <#list passkeys as passkey>
  <div class="checkbox">
    <input type="checkbox" id="passkey-${passkey?index}" name="remove-passkey" value="${passkey.id}">
    <label for="passkey-${passkey?index}">${msg("resetPasskeyRemove")} <strong class="typed">${passkey.label}</strong> (${msg("resetPasskeyAdded")} ${passkey.added})</label>
  </div>
  </#list>
</div>
</#macro>
