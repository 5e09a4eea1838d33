<#-- S4 behind a link that proved the mailbox: the address is given, and nothing follows. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["password-new", "password-confirm", "terms"]; section>
<#if section == "header">
${msg("passwordTitle")}
<#elseif section == "form">
<p>${msg("activateIntro")}</p>
<div class="facts">
  <@parts.fact label=msg("yourAgency") value=agency.name/>
  <@parts.fact label=msg("yourIdentifier") value=identifier/>
  <@parts.fact label=msg("yourAddress") value=address/>
</div>
<p>${msg("passwordIntro")}</p>
<form id="activate-form" action="${screen.action}" method="post" novalidate>
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
