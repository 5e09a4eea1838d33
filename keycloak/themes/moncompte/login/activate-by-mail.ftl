<#-- S4 behind a link that proved the mailbox: the address is given, and nothing follows. The identifier is asked for outside the
     browser that asked for the link. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["identifier", "password-new", "password-confirm", "terms"]; section>
<#if section == "header">
${msg("passwordTitle")}
<#elseif section == "form">
<p>${msg("activateIntro")}</p>
<div class="facts">
  <@parts.fact label=msg("yourAgency") value=agency.name/>
  <#if identifier??><@parts.fact label=msg("yourIdentifier") value=identifier/></#if>
  <@parts.fact label=msg("yourAddress") value=address/>
</div>
<p>${msg("passwordIntro")}</p>
<form id="activate-form" action="${screen.action}" method="post" novalidate>
  <#if !identifier??>
  <@parts.field name="identifier" label=msg("provisionalIdentifier") hint=msg("activateIdentifierHint") value=(values.identifier)!"" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"/>
  </#if>
  <@parts.newPassword address=address/>
  <#if terms??>
  <input type="hidden" name="terms-version" value="${terms.version}">
  <@parts.termsBox/>
  </#if>
  <@parts.button label=msg("passwordButton")/>
</form>
<p class="question">${msg("confirmNotYou")}</p>
</#if>
</@layout.registrationLayout>
