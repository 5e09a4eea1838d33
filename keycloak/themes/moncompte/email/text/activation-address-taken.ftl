<#ftl output_format="plainText">
${msg("hello")},

${msg("activationAddressTakenIntro")}

${msg("agencyLabel")} ${agencyName}
${msg("identifierLabel")} ${identifier}

${msg("activationAddressTakenYou")}

${msg("activationAddressTakenLinkText")}
${link}

${msg("activationLifetime", linkHours)}

${msg("activationAddressTakenNotYou")}

--
${msg("automatic")}
