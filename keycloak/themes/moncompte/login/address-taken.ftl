<#-- The address became somebody's account between the mail and its link. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("takenTitle")}
<#elseif section == "form">
<p>${msg("takenText")}</p>
<p>${msg("takenYours")}</p>
<#if mergeUrl?has_content>
<p class="question"><a href="${mergeUrl}">${msg("takenMerge")}</a></p>
</#if>
<#if loginUrl?has_content>
<@parts.linkButton href=loginUrl label=msg("signIn")/>
<#else>
<p>${msg("takenNoLink")}</p>
</#if>
</#if>
</@layout.registrationLayout>
