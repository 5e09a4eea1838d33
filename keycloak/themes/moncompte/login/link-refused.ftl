<#-- A link that is used, expired, replaced or false: one text for all, so that it tells nothing. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("linkRefusedTitle")}
<#elseif section == "form">
<p>${msg("linkRefusedText")}</p>
<p>${msg("linkRefusedNext-" + path)}</p>
<#if startUrl?has_content>
<@parts.linkButton href=startUrl label=msg("linkRefusedButton")/>
<#else>
<p>${msg("linkRefusedNoLink")}</p>
</#if>
</#if>
</@layout.registrationLayout>
