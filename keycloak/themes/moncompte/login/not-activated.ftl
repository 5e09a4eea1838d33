<#-- A provisional account that something let this far: it has to be activated first. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("notActivatedTitle")}
<#elseif section == "form">
<p>${msg("notActivatedText")}</p>
<#if startUrl?has_content>
<@parts.linkButton href=startUrl label=msg("notActivatedButton")/>
<#else>
<p>${msg("linkRefusedNoLink")}</p>
</#if>
</#if>
</@layout.registrationLayout>
