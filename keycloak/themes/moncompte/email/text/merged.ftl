<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("mergedIntro")}

${msg("agencyLabel")} ${agencyName}

${msg("mergedContracts")}
<#list contracts as contract>
- ${contract.reference} (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if>
</#list>

${msg("mergedYou")}

${msg("mergedNotYou")}
<#if agencyPhone?has_content>
${msg("phoneLabel")} ${agencyPhone}
</#if>
<#if agencyEmail?has_content>
${msg("emailLabel")} ${agencyEmail}
</#if>

${msg("disputeQuestion")} ${msg("disputeText")}

${msg("disputeLinkText")}
${disputeLink}

--
${msg("automatic")}
