<#-- S0: a sign-in that names no agency. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["client", "societe"]; section>
<#if section == "header">
${msg("codesTitle")}
<#elseif section == "form">
<p>${msg("codesIntro")}</p>
<p class="hint">${msg("codesWhere")}</p>
<form id="codes-form" action="${screen.action}" method="post" novalidate>
  <@parts.field name="client" label=msg("codesClient") value=(values.client)!"" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"/>
  <@parts.field name="societe" label=msg("codesSociete") value=(values.societe)!"" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"/>
  <@parts.button label=msg("signIn")/>
</form>
<@parts.question text=msg("alreadyAccountQuestion") link=msg("alreadyAccountLink") href=(screen.links.login)!""/>
</#if>
</@layout.registrationLayout>
