<#-- The account is active; nobody is signed in yet. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("confirmedTitle")}
<#elseif section == "form">
<p>${msg("confirmedText")}</p>
<#if loginUrl?has_content>
<@parts.linkButton href=loginUrl label=msg("signIn")/>
<#else>
<p>${msg("confirmedNoLink")}</p>
</#if>
</#if>
</@layout.registrationLayout>
