<#ftl output_format="plainText">
${msg("hello")},

${msg("resetPasswordIntro")}

${msg("resetPasswordLinkText")}
${link}

${msg("resetPasswordLifetime", linkHours)}

${msg("resetPasswordNotYou")}

--
${msg("automatic")}
