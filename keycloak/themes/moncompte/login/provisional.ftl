<#-- S2: the provisional credentials of the agency's letter. Password managers are kept out: both are used once. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout step=1 fields=["identifier", "password"]; section>
<#if section == "header">
${msg("provisionalTitle")}
<#elseif section == "afterError">
<@parts.question text=msg("provisionalActivated") link=msg("provisionalActivatedLink") href=(screen.links.login)!""/>
<p>${msg("provisionalOldLetter")}</p>
<#elseif section == "form">
<p>${msg("provisionalIntro")}</p>
<form id="provisional-form" action="${screen.action}" method="post" novalidate>
  <@parts.field name="identifier" label=msg("provisionalIdentifier") value=(values.identifier)!"" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"/>
  <@parts.password name="password" label=msg("provisionalPassword") autocomplete="one-time-code" autocapitalize="none" spellcheck="false"/>
  <@parts.button label=msg("continueButton")/>
</form>
<@parts.question text=msg("alreadyAccountQuestion") link=msg("alreadyAccountLink") href=(screen.links.login)!""/>
</#if>
</@layout.registrationLayout>
