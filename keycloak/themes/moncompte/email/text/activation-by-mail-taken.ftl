<#ftl output_format="plainText">
${msg("hello")},

${msg("activationByMailTakenIntro")}

${msg("agencyLabel")} ${agencyName}

${msg("activationByMailTakenYou")}

<#if loginUrl?has_content>
${msg("activationByMailTakenLinkText")}
${loginUrl}

</#if>
${msg("activationAddressTakenNotYou")}

--
${msg("automatic")}
