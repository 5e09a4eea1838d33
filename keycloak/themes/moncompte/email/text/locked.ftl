<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("lockedIntro", minutes)}

${msg("lockedEnd", mostMinutes)}

${msg("lockedYou")}
<#if loginUrl?has_content>

${msg("lockedLinkText")}
${loginUrl}
</#if>

${msg("lockedNotYou")}

--
${msg("automatic")}
