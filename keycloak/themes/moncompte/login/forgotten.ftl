<#-- S9: an address, or an identifier with the codes of its agency. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["login", "client", "societe"]; section>
<#if section == "header">
${msg("forgottenTitle")}
<#elseif section == "form">
<p>${msg("forgottenIntro")}</p>
<form id="forgotten-form" action="${screen.action}" method="post" novalidate>
  <@parts.field name="login" label=msg("forgottenLogin") value=(values.login)!"" type="text" autocomplete="username" autocapitalize="none" spellcheck="false"/>
  <#if codesAsked>
  <h2>${msg("forgottenCodesTitle")}</h2>
  <p><strong>${msg("forgottenCodesSubtitle")}</strong></p>
  <p>${msg("forgottenCodesIntro")}</p>
  <p class="hint">${msg("forgottenCodesOptional")}</p>
  <@parts.field name="client" label=msg("codesClient") value=(values.client)!"" optional=true type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"/>
  <@parts.field name="societe" label=msg("codesSociete") value=(values.societe)!"" optional=true type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"/>
  </#if>
  <@parts.button label=msg("forgottenButton")/>
</form>
<@parts.question text=msg("forgottenKnown") link=msg("alreadyAccountLink") href=screen.links.login/>
</#if>
</@layout.registrationLayout>
