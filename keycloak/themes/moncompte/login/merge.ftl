<#-- S7: the account that stays, and the provisional credentials of the contracts that come to it. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout title=msg("mergeSubtitle") fields=["email", "identifier", "password"]; section>
<#if section == "header">
${msg("mergeTitle")}
<#elseif section == "afterError">
<@parts.question text=msg("provisionalActivated") link=msg("provisionalActivatedLink") href=(screen.links.login)!""/>
<p>${msg("provisionalOldLetter")}</p>
<#elseif section == "form">
<h2>${msg("mergeSubtitle")}</h2>
<p>${msg("mergeIntro")}</p>
<form id="merge-form" action="${screen.action}" method="post" novalidate>
  <@parts.field name="email" label=msg("mergeEmail") hint=msg("mergeEmailHint") value=(values["merge-email"])!"" type="email" autocomplete="email" inputmode="email" autocapitalize="none" spellcheck="false"/>
  <@parts.field name="identifier" label=msg("provisionalIdentifier") value=(values.identifier)!"" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"/>
  <@parts.password name="password" label=msg("provisionalPassword") autocomplete="one-time-code" autocapitalize="none" spellcheck="false"/>
  <@parts.button label=msg("mergeButton")/>
</form>
<@parts.question text=msg("mergeNoAccountQuestion") link=msg("loginFirstTimeLink") href=(screen.links.provisional)!""/>
</#if>
</@layout.registrationLayout>
