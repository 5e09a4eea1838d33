<#--
  S5: the mail has left. `resendIn` (optional): seconds until it can be sent again; the script then counts them down. Without
  script the button can be used at once, and the server says in words how long to wait.
-->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout step=4; section>
<#if section == "header">
${msg("verifyTitle")}
<#elseif section == "form">
<@parts.fact label=msg("verifySent") value=address/>
<p>${msg("verifyExplain")}</p>
<form id="verify-form" class="asides" action="${screen.action}" method="post">
  <div>
    <p id="resend-question">${msg("verifyResendQuestion")}</p>
    <button type="submit" class="button button-quiet" id="resend" name="action" value="resend" aria-describedby="resend-question resend-wait"<#if resendIn??> data-wait="${resendIn?c}"</#if>>${msg("verifyResend")}</button>
    <p class="hint" id="resend-wait" data-text="${msg("verifyResendWait")}" hidden></p>
  </div>
  <div>
    <p id="restart-question">${msg("verifyRestartQuestion")}</p>
    <button type="submit" class="button button-quiet" name="action" value="restart" aria-describedby="restart-question">${msg("verifyRestart")}</button>
  </div>
</form>
<@parts.question text=msg("verifyDone") link=msg("alreadyAccountLink") href=(screen.links.login)!""/>
</#if>
</@layout.registrationLayout>
