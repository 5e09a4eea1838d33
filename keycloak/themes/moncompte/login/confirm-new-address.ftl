<#-- The page behind the link in the mail to a new address. Nothing happens before the button; the password is asked for outside
     the browser that began. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["password"]; section>
<#if section == "header">
${msg("confirmNewTitle")}
<#elseif section == "form">
<p>${msg("confirmNewIntro")}</p>
<div class="facts">
  <@parts.fact label=msg("updateEmailCurrent") value=maskedAddress/>
  <@parts.fact label=msg("confirmNewAddress") value=address/>
</div>
<form id="confirm-form" action="${screen.action}" method="post" novalidate>
  <#if passwordRequired>
  <@parts.accountOfPassword address=address/>
  <@parts.password name="password" label=msg("confirmPassword") hint=msg("confirmNewPasswordHint") autocomplete="current-password"/>
  </#if>
  <@parts.button label=msg("confirmNewButton")/>
</form>
<p class="question">${msg("confirmNewNotYou")}</p>
</#if>
</@layout.registrationLayout>
