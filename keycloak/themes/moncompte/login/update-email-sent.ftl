<#-- The change of address that waits for its link: nothing has changed yet. `resendIn`: as on verify-address.ftl. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("updateEmailTitle")}
<#elseif section == "form">
<@parts.fact label=msg("verifySent") value=address/>
<p>${msg("updateEmailSentExplain")}</p>
<@parts.fact label=msg("updateEmailUntilThen") value=current/>
<form id="update-email-form" class="asides" action="${url.loginAction}" method="post">
  <div>
    <@parts.button label=msg("updateEmailLeave") name="action" value="leave"/>
  </div>
  <div>
    <@parts.resend wait=resendIn/>
  </div>
  <div>
    <p id="drop-question">${msg("updateEmailDropQuestion")}</p>
    <button type="submit" class="button button-quiet" name="action" value="drop" aria-describedby="drop-question">${msg("updateEmailDrop")}</button>
  </div>
</form>
</#if>
</@layout.registrationLayout>
