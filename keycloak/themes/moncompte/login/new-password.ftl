<#-- S4: the owner's own password and the consent. The criteria are the realm's; the server checks them, the script ticks them. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout step=3 fields=["password-new", "password-confirm", "terms"]; section>
<#if section == "header">
${msg("passwordTitle")}
<#elseif section == "form">
<p>${msg("passwordIntro")}</p>
<form id="password-form" action="${screen.action}" method="post" novalidate>
  <@parts.newPassword address=(values.email)!""/>
  <#if terms??><@termsBox/></#if>
  <@parts.button label=msg("passwordButton")/>
</form>
</#if>
</@layout.registrationLayout>

<#macro termsBox>
<#local failed = messagesPerField.existsError("terms")>
<div class="field">
  <#if failed>
  <p class="field-error" id="terms-error"><span class="visually-hidden">${msg("errorPrefix")} </span>${messagesPerField.get("terms")}</p>
  </#if>
  <div class="checkbox">
    <input type="checkbox" id="terms" name="terms" value="on" required<#if ((values.terms)!"") == "on"> checked</#if><#if failed> aria-invalid="true"</#if> aria-describedby="terms-hint<#if failed> terms-error</#if>">
    <label for="terms">${msg("termsAcceptBefore")} <@parts.document text=msg("termsAcceptTerms") href=(terms.url)!""/> ${msg("termsAcceptBetween")} <@parts.document text=msg("termsAcceptPrivacy") href=(terms.privacyUrl)!""/></label>
  </div>
  <p class="hint" id="terms-hint">${msg("termsNewTab")}</p>
</div>
</#macro>
