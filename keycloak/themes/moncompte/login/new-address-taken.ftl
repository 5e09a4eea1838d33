<#-- The new address became somebody's account between the mail and its link. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("takenTitle")}
<#elseif section == "form">
<p>${msg("newTakenText")}</p>
<p>${msg("newTakenNext")}</p>
<@parts.entrance/>
</#if>
</@layout.registrationLayout>
