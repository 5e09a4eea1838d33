<#-- What S9 answers: the same words for every account, and for none. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout title=msg("forgottenSentPageTitle"); section>
<#if section == "header">
${msg("forgottenTitle")}
<#elseif section == "form">
<@parts.fact label=msg("forgottenTyped") value=(values.login)!""/>
<p>${msg("forgottenSent")}</p>
<p>${msg("forgottenSentWait")}</p>
<h2>${msg("forgottenNothingTitle")}</h2>
<ul>
  <li>${msg("forgottenNothingTyped")} <a href="${screen.links.forgotten}">${msg("forgottenAgain")}</a></li>
  <li>${msg("forgottenNothingActivated")}</li>
  <li>${msg("forgottenNothingOld")}</li>
</ul>
<@parts.linkButton href=screen.links.login label=msg("signIn")/>
</#if>
</@layout.registrationLayout>
