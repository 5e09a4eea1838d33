<#-- S5: the mail has left. `resendIn` (optional): seconds until it can be sent again. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout step=4; section>
<#if section == "header">
${msg("verifyTitle")}
<#elseif section == "form">
<@parts.fact label=msg("verifySent") value=address/>
<p>${msg("verifyExplain")}</p>
<p><strong>${msg("verifyHow")}</strong></p>
<form id="verify-form" class="asides" action="${screen.action}" method="post">
  <div>
    <@parts.resend wait=(resendIn!0)/>
  </div>
  <div>
    <p id="restart-question">${msg("verifyRestartQuestion")}</p>
    <button type="submit" class="button button-quiet" name="action" value="restart" aria-describedby="restart-question">${msg("verifyRestart")}</button>
  </div>
</form>
<@parts.question text=msg("verifyDone") link=msg("alreadyAccountLink") href=(screen.links.login)!""/>
</#if>
</@layout.registrationLayout>
