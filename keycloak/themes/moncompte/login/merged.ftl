<#-- After a merge; nobody is signed in yet. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("mergedTitle")}
<#elseif section == "form">
<p>${msg("mergedText")}</p>
<#assign next = loginUrl!(screen.links.login)!"">
<#if next?has_content>
<@parts.linkButton href=next label=msg("signIn")/>
<#else>
<p>${msg("confirmedNoLink")}</p>
</#if>
</#if>
</@layout.registrationLayout>
