<#-- The new address counts. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("addressChangedTitle")}
<#elseif section == "form">
<p>${msg("addressChangedText")}</p>
<@parts.fact label=msg("addressChangedNow") value=address/>
<#if loginUrl?has_content>
<@parts.linkButton href=loginUrl label=msg("continueButton")/>
<#else>
<p>${msg("confirmedNoLink")}</p>
</#if>
</#if>
</@layout.registrationLayout>
