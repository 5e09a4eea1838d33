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
  <@parts.button label=msg("resetButton")/>
</form>
<p class="question">${msg("resetNotYou")}</p>
</#if>
</@layout.registrationLayout>
