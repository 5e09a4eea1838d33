<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("accountsMergedIntro")}

${msg("accountsMergedGone")} ${goneAddress}
${msg("accountsMergedKept")} ${keptAddress}

<#if contracts?has_content>
${msg("mergedContracts")}
<#list contracts as contract>
- ${contract.reference} (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if>
</#list>

</#if>
${msg("accountsMergedYou")}

${msg("disputeQuestion")} ${msg("disputeText")}

${msg("disputeLinkText")}
${disputeLink}

--
${msg("automatic")}
