<#ftl output_format="plainText">
${msg("hello")},

${msg("addressChangeIntro")}

${msg("addressChangeCurrent")} ${maskedAddress}

${msg("addressChangeLinkText")}
${link}

${msg("activationLifetime", linkHours)} ${msg("addressChangeOther")}

${msg("addressChangeNotYou")}

--
${msg("automatic")}
