<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("mergedOtherAddressIntro")}

${msg("agencyLabel")} ${agencyName}
${msg("identifierLabel")} ${identifier}
${msg("mergedOtherAddressLabel")} ${maskedAddress}

${msg("mergedOtherAddressYou")}

${msg("mergedOtherAddressNotYou")}
<#if agencyPhone?has_content>
${msg("phoneLabel")} ${agencyPhone}
</#if>
<#if agencyEmail?has_content>
${msg("emailLabel")} ${agencyEmail}
</#if>

--
${msg("automatic")}
