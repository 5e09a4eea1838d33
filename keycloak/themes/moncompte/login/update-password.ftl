<#-- S11, asked for by a signed-in owner: the old password, and a new one by the realm's criteria. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["password", "password-new", "password-confirm"]; section>
<#if section == "header">
${msg("updatePasswordTitle")}
<#elseif section == "form">
<p>${msg("updatePasswordIntro")}</p>
<form id="update-password-form" action="${url.loginAction}" method="post" novalidate>
  <@parts.criteriaList address=address/>
  <p>${msg("updatePasswordDifferent")}</p>
  <@parts.accountOfPassword address=address/>
  <@parts.password name="password" label=msg("updatePasswordOld") autocomplete="current-password"/>
  <@parts.password name="password-new" label=msg("passwordNewLabel") autocomplete="new-password" data\-criteria="criteria"/>
  <@parts.password name="password-confirm" label=msg("passwordConfirmLabel") autocomplete="new-password"/>
  <div class="field checkbox">
    <input type="checkbox" id="end-sessions" name="end-sessions" value="on"<#if endSessions> checked</#if>>
    <label for="end-sessions">${msg("updatePasswordEndSessions")}</label>
  </div>
  <@parts.button label=msg("updatePasswordButton")/>
</form>
<@parts.cancelAction/>
</#if>
</@layout.registrationLayout>
