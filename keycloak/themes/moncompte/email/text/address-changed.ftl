<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("addressChangedIntro")}

${msg("addressLabel")} ${maskedAddress}

${msg("addressChangedYou")}

${msg("addressChangedNotYou")}

${msg("disputeQuestion")} ${msg("disputeText")}

${msg("disputeLinkText")}
${disputeLink}

--
${msg("automatic")}
