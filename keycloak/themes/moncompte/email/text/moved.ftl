<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

<#if what == "renamed">${msg("movedRenamed")}<#elseif what == "left">${msg("movedLeft")}<#else>${msg("movedCame")}</#if>

${msg("agencyLabel")} ${agencyName}
${msg("identifierLabel")} ${identifier}
<#if newIdentifier?has_content>
${msg("movedNewIdentifier")} ${newIdentifier}
</#if>

<#if contracts?has_content>
${msg("movedContracts")}
<#list contracts as contract>
- ${contract.reference} (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if>
</#list>

</#if>
${msg("movedQuestion")}
<#if agencyPhone?has_content>
${msg("phoneLabel")} ${agencyPhone}
</#if>
<#if agencyEmail?has_content>
${msg("emailLabel")} ${agencyEmail}
</#if>

--
${msg("automatic")}
