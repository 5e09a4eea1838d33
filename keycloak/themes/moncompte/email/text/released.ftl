<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("releasedIntro")}

${msg("agencyLabel")} ${agencyName}
${msg("identifierLabel")} ${identifier}

<#if contracts?has_content>
${msg("releasedContracts")}
<#list contracts as contract>
- ${contract.reference} (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if>
</#list>

</#if>
${msg("releasedRest")}

${msg("releasedQuestion")}
<#if agencyPhone?has_content>
${msg("phoneLabel")} ${agencyPhone}
</#if>
<#if agencyEmail?has_content>
${msg("emailLabel")} ${agencyEmail}
</#if>

--
${msg("automatic")}
