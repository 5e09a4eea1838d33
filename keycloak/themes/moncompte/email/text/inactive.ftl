<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("inactiveIntro")}

${msg("inactiveWhen", days)}

${msg("inactiveKeep")}
<#if loginUrl?has_content>

${msg("inactiveLinkText")}
${loginUrl}
</#if>

${msg("inactiveNothing")}

--
${msg("automatic")}
