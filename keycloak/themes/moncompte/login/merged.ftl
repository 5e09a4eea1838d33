<#-- After a merge; nobody is signed in yet. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("mergedTitle")}
<#elseif section == "form">
<p>${msg("mergedText")}</p>
<@parts.linkButton href=screen.links.login label=msg("signIn")/>
</#if>
</@layout.registrationLayout>
