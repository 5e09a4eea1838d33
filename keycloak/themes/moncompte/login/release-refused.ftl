<#-- The reader of the mailbox has said no: the contracts stay. -->
<#import "template.ftl" as layout>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("releaseRefusedTitle")}
<#elseif section == "form">
<p>${msg("releaseRefusedText")}</p>
<p>${msg("releaseRefusedNext")}</p>
</#if>
</@layout.registrationLayout>
