<#-- « Ajouter un contrat », asked for by a signed-in owner: the provisional credentials of the contracts to come. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout fields=["client", "societe", "identifier", "password"]; section>
<#if section == "header">
${msg("addContractTitle")}
<#elseif section == "afterError">
<p>${msg("addContractUsed")}</p>
<p>${msg("provisionalOldLetter")}</p>
<#elseif section == "form">
<p>${msg("addContractIntro")}</p>
<@parts.fact label=msg("addContractAccount") value=address/>
<form id="add-contract-form" action="${url.loginAction}" method="post" novalidate>
  <@parts.field name="client" label=msg("codesClient") value=(values.client)!"" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"/>
  <@parts.field name="societe" label=msg("codesSociete") value=(values.societe)!"" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"/>
  <@parts.field name="identifier" label=msg("provisionalIdentifier") value=(values.identifier)!"" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"/>
  <@parts.password name="password" label=msg("provisionalPassword") autocomplete="one-time-code" autocapitalize="none" spellcheck="false"/>
  <@parts.button label=msg("addContractButton")/>
</form>
<@parts.cancelAction/>
</#if>
</@layout.registrationLayout>
