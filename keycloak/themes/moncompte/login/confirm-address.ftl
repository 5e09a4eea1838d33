<#-- The page behind the link of the activation mail (M1). Nothing happens before the button; the password is asked for outside
     the browser that began. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["password"]; section>
<#if section == "header">
${msg("confirmTitle")}
<#elseif section == "form">
<p>${msg("confirmIntro")}</p>
<div class="facts">
  <#if (agency.name)?has_content><@parts.fact label=msg("yourAgency") value=agency.name/></#if>
  <@parts.fact label=msg("yourIdentifier") value=identifier/>
  <@parts.fact label=msg("yourAddress") value=address/>
</div>
<form id="confirm-form" action="${screen.action}" method="post" novalidate>
  <#if passwordRequired!false>
  <@parts.accountOfPassword address=address/>
  <@parts.password name="password" label=msg("confirmPassword") hint=msg("confirmPasswordHint") autocomplete="current-password"/>
  </#if>
  <@parts.button label=msg("confirmButton")/>
</form>
<p class="question">${msg("confirmNotYou")}</p>
</#if>
</@layout.registrationLayout>
